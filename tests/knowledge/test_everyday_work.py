"""Everyday questions of work, shopping, debts, housing, traffic and harm find their answer; other matters with the same words find none of them."""

from __future__ import annotations

import pytest

from fahui.knowledge.answers.danger import danger_in
from fahui.knowledge.content.loading import shipped
from fahui.knowledge.content.rules import fitting

SAID: dict[str, tuple[str, ...]] = {
    "dismissal": ("老板突然说明天不用来了，一分钱不赔", "公司把我开除了，说我不听话，合法吗", "我被单位无故解除了，怎么维权", "I was fired by my boss without reason",),
    "severance": ("经济补偿金怎么算，我干了五年零三个月", "N+1是什么意思", "离职赔偿金怎么计算", "How much severance do I get",),
    "no-written-contract": ("上班半年了一直没签合同", "老板不跟我签劳动合同怎么办", "我在理发店上班，没签任何东西，怎么证明我是员工", "my employer gave me no contract",),
    "contract-expiry": ("劳动合同到期公司不续签有补偿吗", "合同到期了单位不要我了，给钱吗", "合同到期老板不要我了要不要给钱", "my employer does not renew: contract expires in May. not renew",),
    "open-ended-contract": ("在厂里干了十几年，能签长期合同吗", "签了两次合同第三次能签无固定期限吗", "连签两次合同了，单位不给签长期合同",),
    "social-insurance": ("公司不给交社保", "老板说给我折成现金，不交五险", "离职后发现公司一直没给我缴纳社保", "my company does not pay social insurance refuse",),
    "overtime": ("天天加班没有加班费", "老板强迫加班合法吗", "我是保安，天天十二小时，一个月没一天休", "company forces overtime no pay",),
    "paid-leave": ("公司没有年假合法吗", "婚假有几天，扣工资吗", "干了五年从来没休过年假", "my boss refuses annual leave",),
    "pregnancy-at-work": ("我怀孕了公司要辞退我", "休产假工资怎么发", "孕妇上夜班违法吗，公司安排的", "fired because pregnant",),
    "resigning": ("我要辞职老板不批怎么办", "辞职要提前多久", "我交了辞职书，满一个月能直接走吗，单位没回复", "can I resign without notice from my job",),
    "leaving-papers": ("离职了公司不开离职证明", "单位扣着我档案不给转", "公司卡着我的离职手续不给办", "company will not give me the leaving certificate, they refuse",),
    "non-compete": ("签了竞业协议还能去同行上班吗", "公司要我赔竞业违约金", "我从原公司跳槽到竞争对手那里，他们要告我", "I signed a non-compete, can I take the job",),
    "training-bond": ("辞职公司让我赔培训费", "合同写干不满三年要赔违约金，单位这样合法吗", "房地产公司要我赔违约金，我要辞职", "my employer wants a penalty because I resign",),
    "labour-dispatch": ("我是劳务派遣工，和正式工不同酬", "派遣公司不签合同", "派遣到别的厂，派遣公司不管我", "I am an agency worker",),
    "labour-arbitration": ("怎么申请劳动仲裁，要不要钱", "劳动仲裁时效多久", "仲裁裁决下来公司不服，要去法院吗", "how do I apply for labor arbitration",),
    "employer-holds-papers": ("进厂老板扣身份证", "单位扣了我的毕业证，公司说要干满两年", "公司把我的毕业证原件收走不还", "my boss keeps my passport",),
    "job-deposit": ("入职要交五百押金，说离职才退", "上班先交钱买工作服，服装费三百", "应聘保安让交三百服装费", "the employer took a deposit for the new job",),
    "part-time-work": ("小时工有没有最低工资规定", "兼职要签合同吗", "我在超市做小时工，一个月结一次工资对吗", "part-time contract and pay",),
    "older-workers": ("我63岁退休了还在打工，没有合同行吗", "退休返聘公司要签劳动合同吗", "我今年62岁，退休了去当保安，老板要不要签合同", "I am retired but still work",),
    "pay-cut-transfer": ("公司突然给我降薪", "老板把我调岗到外地，不去就走", "公司要把我调到外省去，不去就算自动离职", "my employer cut my pay",),
    "layoffs": ("公司裁员赔多少", "我被裁了", "厂里裁人，我在名单上", "layoff in my company",),
    "sick-leave": ("我得了癌症，单位要辞退我", "请病假公司把我开除了", "得了肝病，厂里把我辞退", "my boss fired me on sick leave",),
    "minimum-wage": ("工资比最低工资还低", "一个月才发一千二，低于当地最低工资", "the minimum wage here",),
    "fined-by-employer": ("迟到一次公司罚款两百合法吗", "老板乱扣钱，上班玩手机罚我五百", "快递站老板动不动就罚款扣我工资", "my boss fined me for being late",),
    "employer-closes": ("公司倒闭了，工人工资怎么办", "厂子倒闭员工有补偿吗", "公司要解散了，员工怎么赔偿", "the factory is bankrupt, what about employee wages",),
    "unemployment-benefit": ("失业金怎么领", "被辞退能领失业金吗，领多久", "自己辞职能领失业金吗", "how to get unemployment money",),
    "job-discrimination": ("应聘说我有乙肝不要我", "招聘只招男的，算歧视吗", "面试官问我结没结婚，要不要孩子，公司这样问婚育违法吗", "discrimination by an employer because of hepatitis",),
    "interns": ("实习没工资，学校安排去流水线", "中专学生去厂里实习天天加班", "实习生加班没钱，学校不管", "do interns get pay",),
    "child-labour": ("15岁能进厂打工吗", "老板招了童工怎么举报", "我儿子十五岁，想去打工", "my son is fifteen, underage, may he work",),
    "new-owner": ("公司被收购了，原来的劳动合同还算吗", "换了老板，新老板不认以前的工龄", "公司改名了，工龄还算吗", "a takeover of the firm: does my contract hold",),
    "work-death": ("我爸在工地上死了，公司赔多少", "上班猝死算工伤吗，家属能拿多少", "丈夫工亡，单位没交保险怎么办",),
    "seven-day-return": ("网上买的衣服不合适，商家不给退", "七天无理由退货，卖家说拆了包装不退", "网购鞋子试穿不合适，说影响二次销售不给退", "bought online want to return it within seven days 7 days",),
    "fake-goods": ("超市买到假酒怎么赔", "买到高仿包，店家不认", "买了两瓶茅台是假酒，店家不认账", "bought counterfeit shoes in a shop",),
    "fake-medicine": ("在药店买到假药", "药店卖过期药给我爸吃了", "网上买的药是假药",),
    "unsafe-food": ("在超市买到过期牛奶", "外卖里吃出蟑螂", "买到过期的奶粉，孩子喝了", "ate expired food from supermarket",),
    "prepaid-card": ("健身房关门了，年卡还有半年", "理发店办的卡充了两千，老板跑了", "瑜伽馆跑路，会员卡没用完", "gym membership refund closed",),
    "course-refund": ("孩子补习班跑路了，学费不退", "驾校不想学了能退费吗", "培训机构跑路，剩下的课怎么退费", "the driving school will not refund",),
    "false-advertising": ("商家虚假宣传怎么赔", "直播间买的东西和宣传的不一样", "衣服和图片不一样，货不对板，商家不退", "the product is not as described, misleading advertisement",),
    "repair-warranty": ("手机保修期内坏了，售后说人为不给修", "新车修了三次修不好能退吗", "新手机老死机，商家只给修不给换", "my phone is broken and the warranty is refused",),
    "online-platform": ("网购被坑了，平台不管", "找不到卖家了，平台说不负责，我买的东西怎么办", "平台偏袒商家，不处理我的退款，平台有责任吗",),
    "courier-loss": ("快递把我的东西弄丢了", "包裹损坏快递公司只赔运费", "我寄的东西快递给摔碎了，没保价", "parcel lost by the courier",),
    "invoice": ("饭店不给开发票", "商家说开发票要加税点", "饭馆吃饭要发票，老板说没有", "the shop refuses an invoice",),
    "unfair-terms": ("饭店禁止自带酒水合法吗", "商家说特价商品不退不换，最终解释权归他", "ktv不让带酒水，还有最低消费，合理吗",),
    "tour-cancel": ("报了旅行社，去不了能退多少钱", "跟团游人数不够取消了，团费退吗", "旅游团因为台风取消，能全退吗", "the travel agency cancelled the package tour, refund?",),
    "tour-shopping": ("导游强迫购物怎么办", "跟团被逼买玉，能退吗", "出去耍，导游喊我们买玉镯子，不买不开车", "the tour guide forced us to go shopping",),
    "overcharging": ("饭店没标价，吃一顿要三千，被宰了", "停车场乱收钱多收我二十", "出租车乱收费，多收钱", "overcharged by a taxi",),
    "searched-in-shop": ("超市保安说我偷东西要搜包", "商场怀疑我偷东西不让走",),
    "personal-data": ("天天接到推销电话，个人信息被泄露", "小区强制刷脸进门", "贷款中介天天给我打骚扰电话，谁泄露的", "spam calls, they leak my personal data",),
    "delayed-transport": ("航班取消了，航空公司赔不赔", "火车晚点误了事能赔钱吗", "误了火车，票还能退吗", "my flight was cancelled",),
    "used-car": ("买的二手车是事故车，车商没告诉我", "二手车里程表被改了，被骗了", "买个二手车，才晓得是泡水的", "the dealer hid an accident of the used car",),
    "insurance-claim": ("保险公司拒赔怎么办", "买了重疾险，说我没如实告知不赔 保险", "车险理赔，保险公司定损太低，赔少了", "the insurance company refused to pay",),
    "phone-plan": ("移动公司乱扣费，没同意就开通了套餐", "宽带不让退，要违约金", "营业厅给老人办了个高价套餐，不让取消", "phone bill charged without consent",),
    "order-not-sent": ("网上下单商家一直不发货", "双十一抢到低价，卖家砍单说标错价", "付了款店铺取消我的订单，只退钱",),
    "loan-without-note": ("借钱给朋友没有借条，只有微信转账，能要回来吗", "他借我两万没打借条现在不承认", "亲戚借钱时没好意思写条，现在不认，只有转账记录", "lent money to a friend without a note",),
    "loan-interest": ("借了高利贷月息三分要还吗", "砍头息怎么算，借十万到手九万", "借条上写月息5分，法院支持吗", "how high may interest on a loan be",),
    "debt-collection": ("网贷逾期被爆通讯录", "催收天天打电话骂我，还打给我家人", "网贷还不上，催收骚扰我家人", "debt collectors harass my family",),
    "guarantor": ("我给朋友担保贷款，他跑了要我还", "担保期限是多久，借款合同没写", "我是担保人，债主直接找我要钱对吗", "I am guarantor for a loan",),
    "old-debt": ("欠条写了五年了还能要吗，过了时效没有", "借给他的钱超过三年了还能起诉吗", "债主三年没找我，我还要还吗，过了诉讼时效", "a debt from five years ago, limitation",),
    "enforcement": ("官司打赢了对方不给钱", "法院判了他不还钱，怎么申请执行", "对方有房有车就是不给，法院判决都生效了", "I won in court, judgment says pay, but he refuses",),
    "defaulter-list": ("被列入失信名单怎么解除", "我成了老赖，坐不了高铁，欠的钱还了怎么取消", "成了失信被执行人影响孩子上学吗",),
    "earnest-money": ("买房交了定金不想买了能退吗", "付了订金商家不退", "二手房卖家违约，定金双倍退吗", "can I get my earnest money back, return",),
    "penalty": ("合同违约金太高能减少吗", "违约金每天千分之五合法吗", "借款合同写的违约金一天一千，合法吗",),
    "contract-breach": ("签了合同对方不履行怎么办", "对方违约了，我能解除合同吗", "供货公司签了合同对方不履行", "they broke the contract, breach of contract agreement",),
    "tricked-into-contract": ("被骗签了合同怎么办", "他逼我签的欠条算数吗，被迫签的", "保健品公司骗我签了合同",),
    "gift-back": ("我把房子过户给侄子，他不养我，能要回来吗", "送给他的车想收回", "奶奶把房子给了孙子，孙子不养，要撤销赠与", "can I take back a gift",),
    "agent-fee": ("房子没买成中介费能退吗", "中介隐瞒凶宅，中介费不退", "中介费交了房子没买成，退不退",),
    "late-house": ("开发商延期交房两年了", "我买的楼盘烂尾了怎么办", "房子交房延期半年，开发商只赔几百", "late delivery of the house by the developer",),
    "house-defects": ("新房墙面开裂漏水开发商不修", "精装房质量差，甲醛超标，货不对板", "新房验收发现墙面空鼓裂缝",),
    "house-sold-twice": ("卖家一房二卖怎么办", "签了合同房主反悔不卖了，要涨价，房子我看上了", "我给儿子买房，卖家反悔不卖了",),
    "title-deed": ("买房五年了房产证一直没办下来", "开发商不给办房产证", "全款买的房五年没房产证",),
    "mortgage-default": ("房贷还不上了银行会不会拍卖房子", "断供了银行要收房", "房贷还不起了怎么办", "I cannot pay the mortgage to the bank",),
    "rented-home-sold": ("租期没到房东把房子卖了，新房东赶我走", "房东要卖房，租客有优先购买权吗", "房子卖给别人了，我租期还剩一年", "landlord sold the house, new landlord wants tenants out",),
    "rent-repair": ("租的房子热水器坏了房东不修", "出租屋漏水谁来修，租客还是房东", "租房水管爆了维修费谁出，房东推我", "landlord does not repair the heater",),
    "landlord-evicts": ("房东要收回房子，租期还有半年", "房东突然涨房租，不交就赶我走", "房东突然要收房自己住，合同还有一年，租的", "my landlord wants to evict me",),
    "rent-arrears": ("租客欠房租三个月不肯搬", "租我房子的人跑了，东西还在，租客失联", "房客跑了欠三个月房租", "my tenant owes three months",),
    "leave-lease-early": ("租房没到期想提前退租，押金退吗", "租期没到不想租了，房东要我赔", "租房想提前退，房东不退剩余房租", "I want to leave the lease early",),
    "sublet": ("二房东跑了，房东要赶我", "租的房子能转租吗，房东不同意", "从二房东手里租的房，房东来收房了", "may I sublet, landlord does not consent",),
    "property-fee": ("物业服务差可以不交物业费吗", "没入住要交物业费吗", "物业不作为，拒交物业费会被起诉吗", "must I pay the property fee",),
    "property-management": ("怎么换物业公司", "小区电梯广告的钱归谁，物业不公开", "小区想炒掉物业，怎么开业主大会，更换",),
    "home-decoration": ("装修公司拖工期跑路了", "装修质量差瓷砖空鼓，要求返工", "装修公司偷工减料，甲醛超标", "the decorators delay",),
    "unpaid-goods": ("送了货对方欠货款不给", "饭店赊账的菜钱要不回来", "供货给超市，货款拖了一年",),
    "wrong-transfer": ("微信转错人了对方不退钱", "打错钱到别人账户，不还", "支付宝转错账给陌生人", "money went to the wrong account, they refuse to return it",),
    "partnership": ("合伙开饭店亏了怎么分", "和朋友合伙做生意，我想退伙他不给退股", "合伙人把店里钱拿走不分红", "my business partner made a loss",),
    "debtor-hides-property": ("欠我钱的人把房子过户给儿子了，赖账", "老赖转移财产，欠债不还", "欠钱不还的人把车房都转到他妈名下，转移财产",),
    "writing-a-note": ("借条怎么写才有效", "欠条怎么写，借条和欠条有什么不同",),
    "cannot-repay": ("欠了十几万还不起怎么办", "信用卡还不上会坐牢吗", "欠银行信用卡十万还不上",),
    "hit-and-run": ("撞了我就跑了，找不到车", "肇事逃逸，人在医院没钱治，车祸", "被一辆货车刮倒，货车跑了", "hit and run, the car drove away",),
    "who-pays-car-pedestrian": ("汽车撞了闯红灯的行人，我没责任也要赔吗", "小车和电动车相撞，谁赔", "行人闯红灯被我撞了，要负多少责任 汽车", "my car hit a pedestrian, who pays",),
    "ebike-hits-person": ("被电动车撞伤了，他不赔", "骑电动车撞人了要赔多少", "小区里被骑电动车的撞了，不赔医药费",),
    "accident-damages": ("车祸误工费怎么算", "交通事故精神损失费能要吗", "交通事故死亡赔偿金怎么算",),
    "accident-report": ("交警判我全责我不服", "事故认定书不公怎么复核，交警", "事故认定书多久出", "I disagree with the accident report of the police, car",),
    "borrowed-car": ("我的车借给朋友撞了人，我要赔吗", "租来的车出了事故谁赔", "借车给朋友，他撞人跑了，车主有责任吗", "accident with my borrowed car",),
    "car-sold-not-transferred": ("车卖了没过户，买家出事故找我赔", "摩托车卖了没过户，人家撞了人", "二手车卖出去没过户，违章都算我头上",),
    "free-ride": ("坐朋友的车出车祸受伤，能让他赔吗", "搭顺风车受伤谁负责，赔不赔", "同事顺路捎带我，路上出车祸我受伤了",),
    "bus-passenger": ("坐公交急刹摔伤了谁赔", "打车，出租车上受伤了，我是乘客", "公交车司机急刹车，我妈摔断腿，她是乘客",),
    "uninsured-car": ("撞我的车没买保险怎么办", "三轮车撞我，没有保险，没钱赔", "肇事车脱保了，撞人没钱赔",),
    "private-settlement": ("车祸私了签了协议，后来伤加重想反悔", "撞车私了给了两千，现在伤严重了，能再要吗", "撞了人私了签了协议，对方又来要钱反悔",),
    "drink-driving-penalty": ("酒驾怎么处罚", "喝酒开车被查，驾照扣几个月", "骑摩托喝了酒被查到会怎么样", "caught drunk driving, what penalty",),
    "dog-bite": ("被狗咬了，狗主人不赔", "邻居家的狗咬了我", "我家的狗咬了人，要赔多少", "bitten by a dog who should pay",),
    "animal-nuisance": ("邻居养狗天天叫，扰民", "对门养了条狗，半夜叫得睡不着", "楼道里遛狗不牵绳，吓到孩子",),
    "noise": ("广场舞太吵了，睡不着", "ktv晚上太吵", "酒吧噪音吵到凌晨，怎么投诉", "loud music at night, I cannot sleep",),
    "night-construction": ("工地半夜施工噪音投诉谁", "楼边打桩打到凌晨，扰民",),
    "road-hazard": ("走路掉进井盖里摔伤了", "路上堆的沙子害我翻车摔伤", "修路没放警示牌，我骑车摔了",),
    "slander": ("有人在微信群里造谣骂我", "网上诽谤我怎么告", "同事在公司群里污蔑我偷东西，怎么告他", "someone slanders me online",),
    "privacy-cameras": ("邻居的摄像头对着我家门口", "洗澡被偷拍了", "出租屋发现房东装了摄像头偷拍，在厕所", "my neighbour has a camera at my door, privacy",),
    "portrait": ("店家用我的照片做广告，没经过我同意", "有人把我拍的视频发到抖音，没经我同意", "健身房拿我照片做宣传没问我",),
    "school-injury": ("孩子在学校摔断腿，学校不管", "幼儿园孩子磕破头缝针谁负责", "体育课摔骨折，学校说不管，孩子才十岁", "my son was hurt at school",),
    "child-causes-harm": ("我家孩子把别人车划了要赔吗", "熊孩子弄坏我的手机，家长不赔", "小孩推倒别人家的老人，家长赔不赔",),
    "medical-harm": ("医院误诊了怎么办", "手术失败医院不承认", "医生开错药，住院了，医院不认", "misdiagnosed by a doctor",),
    "fall-in-shop": ("在超市滑倒摔骨折了，超市赔吗", "酒店浴室摔伤谁负责，酒店没放防滑垫摔倒", "菜市场地滑摔倒骨折找谁", "slipped and fell in a supermarket, injured",),
    "drinking-together": ("一起喝酒死了人，同桌要赔吗", "劝酒喝多了出事要负责任吗", "朋友聚餐喝酒，回家路上摔死，我们要赔吗",),
    "good-samaritan": ("扶老人被讹了", "见义勇为自己受伤了，谁赔", "扶了摔倒的老人，他说是我撞的",),
    "self-defence": ("别人先动手打我，我还手算正当防卫吗", "正当防卫打伤人要赔吗", "小偷进屋我打伤他要负责任吗，算正当防卫吗", "is it self-defence if I injured him",),
    "product-injury": ("手机充电宝爆炸炸伤手", "化妆品过敏烂脸，买的产品", "买的电饭锅漏电把我电伤",),
    "hired-helper-hurt": ("请人修房顶摔伤了，我要赔吗", "保姆擦玻璃摔伤谁赔", "我请邻居帮我修房，他从梯子摔下来了，要我负责吗",),
    "employee-causes-harm": ("公司司机撞伤我，公司赔吗", "保安打人，物业公司负责吗", "外卖员送餐撞坏我的车，平台赔吗",),
    "pollution": ("工厂排污把我鱼塘的鱼毒死了", "养猪场污水流到我家田里", "养鸡场臭气熏天，苍蝇多，怎么投诉", "a factory pollutes our well, fish die",),
    "sports-injury": ("打篮球被撞骨折，对方要赔吗", "踢球踢伤了眼睛谁负责任", "打羽毛球砸到眼睛，要赔医药费吗", "hurt in basketball, who is liable",),
    "blocked-light": ("前面盖楼挡了我家采光", "对面大楼玻璃反光，光污染，谁管 我家", "他家加层，我家晒不到太阳",),
    "adding-a-lift": ("老小区加装电梯一楼不同意怎么办", "装电梯要多少户同意", "加装电梯费用怎么分",),
    "home-turned-shop": ("楼上开民宿天天扰民", "邻居把住宅改成棋牌室，吵死了", "小区里开麻将馆要业主同意吗",),
}  # fmt: skip

NEAR = [
    ("老板拖欠工资两个月，没签合同", "unpaid-wages"),
    ("工地干活摔伤了包工头不管", "work-injury"),
    ("上班路上被电动车撞了算工伤吗", "work-injury"),
    ("买到假货商家不退", "refund"),
    ("租房押金不退", "rent-deposit"),
    ("楼上漏水物业不管", "neighbours"),
    ("隔壁盖房子挡我家采光", "neighbours"),
    ("楼上扔东西砸坏车", "falling-objects"),
    ("追尾了对方全责不赔", "traffic-accident"),
    ("朋友欠我钱不还怎么办", "iou"),
]  # fmt: skip

OTHER_MATTERS = [
    "学校开除学生合法吗", "村干部被辞退了", "开除党籍后还能恢复吗", "征地补偿金多少钱一亩", "公司注册要多少钱", "公司年检怎么办", "合同公证去哪里办",
    "怎么写一份销售合同", "养老保险断缴了自己能补吗，我是灵活就业", "社保卡丢了怎么补办", "医保报销比例是多少", "城乡居民养老保险怎么交", "加班车票在哪里买",
    "过年假期高速免费吗", "怀孕了医生说要做手术", "生孩子户口怎么上", "村主任辞职谁来补选", "档案馆怎么查老房子资料", "商业仲裁怎么收费", "土地承包仲裁去哪里",
    "身份证丢了怎么补办", "身份证过期了怎么换", "共享单车押金不退", "招标保证金多久退", "兼职刷单被骗了三千", "退休金怎么算", "提前退休条件", "退休年龄延迟到几岁",
    "交警罚款怎么交", "环保局罚款公司怎么申诉", "养老金补发怎么领", "小孩几岁能上小学", "十四岁的孩子偷东西要坐牢吗", "大学生怎么申请助学贷款", "汽车年检过期了怎么办",
    "驾照过期怎么换", "护照过期怎么办", "药店营业执照怎么办", "怎么办食品经营许可证", "开饭店要什么手续", "银行卡丢了怎么挂失", "信用卡逾期会坐牢吗",
    "怎么开无犯罪记录证明", "税务局怎么开发票", "虚开发票判几年", "导游证怎么考", "旅游签证怎么办", "高铁票能带宠物吗", "快递员怎么考证", "手机号实名怎么改",
    "怎么查个人征信", "抵押登记在哪里办", "怎么办房产证加名字", "农村房子能办房产证吗", "房产税怎么交", "公租房怎么申请", "租房补贴怎么领", "物业公司怎么注册",
    "取保候审保证金多少", "贷款买房利率多少", "公积金怎么提取", "法院判了离婚，孩子想改姓", "判了缓刑能出国吗", "欠税会怎么样", "我和老公一起做生意，他出轨了",
    "送外卖要健康证吗", "电动车怎么上牌", "电动车被偷了怎么办", "驾驶证扣12分怎么办", "车牌丢了怎么补", "交通违章怎么查", "自行车被偷报警有用吗", "狗证怎么办",
    "养狗要办什么手续", "养殖场要办环评吗", "怎么申请低保", "孩子转学怎么办", "小学学区怎么划", "医院挂号怎么挂", "怎么选好医生", "医生资格证怎么考",
    "网上怎么举报贪官", "摄像头安装要审批吗", "在小区跑步要注意什么", "今天天气怎么样", "比赛报名费多少", "怎么考律师", "律师费怎么收", "夫妻财产怎么约定",
    "老人被子女打了", "广场舞比赛报名", "盖房子要什么手续", "宅基地怎么申请", "地里的树是谁的", "化工厂招工吗", "捡到手机不还犯法吗", "如何成立工会",
    "劳动节放几天假", "劳动合同范本哪里下载", "工作签证怎么办", "怎么申请专利", "怎么注销公司", "餐饮店转让合同怎么写", "会员卡可以送人吗",
    "游戏充值能退吗，孩子充的", "小孩打赏主播一万多", "手机被偷了", "冒充公安说我涉嫌洗钱", "刷单返利被骗了怎么追回", "借身份证给别人开公司有什么后果",
    "银行卡借给别人走账", "别人冒用我的身份证贷款", "彩票中奖不给兑", "赌债要还吗", "老公赌博欠的债我要还吗", "老公偷偷给小三转钱能要回来吗",
    "恋爱期间送的手机分手能要回吗", "同居分手房子怎么分", "父亲把房子送给弟弟了我能分吗", "儿媳妇有没有继承权", "哥哥占了我家宅基地", "村里不给分土地补偿款",
    "承包地被村里收回了", "邻居占了我家地界", "政府强拆我的房子", "派出所不立案怎么办", "被拘留了会留案底吗", "打架被打成轻伤怎么赔", "故意伤害罪判几年",
    "诈骗罪多少钱立案", "交通肇事罪判几年", "醉驾判几个月", "法律援助怎么申请", "调解员怎么当", "人民调解收费吗", "怎么做司法鉴定", "亲子鉴定去哪里做",
    "离婚冷静期多久", "抚养权怎么争取", "孩子不是亲生的，抚养费能要回吗", "房价被炒作得太高", "派出所传唤12小时合法吗", "竞争对手公司抄袭我们的产品",
    "理发店老板不退我押金", "退休了工资怎么算", "孩子调到别的班，我不同意", "公司转让合同怎么写", "股权转让要交税吗，公司转让", "假冒商标被工商局处罚",
    "超市会员卡过期了", "赌博网站充值不退钱", "法院传票邮寄没收到", "办证必须要身份证号吗", "撞了限高杆要赔吗", "酒店服务费收10%合法吗", "新房面积怎么算契税",
    "公墓管理费能不能不交", "ktv晚上招人吗", "音响没声音怎么办", "which hospital is best", "开车遇到碰瓷怎么办", "买的房子采光不好能退吗",
    "公司缺货不给发，没有合同", "厂房合同到期房东不续租", "公务员能不能兼职", "父亲去世他的车没过户怎么办", "汽车过户手续", "卖车要什么手续", "怎么买车险便宜",
    "车险怎么买", "交强险多少钱", "学校食堂招标", "孩子打疫苗后发烧", "学校能不能搜学生的包", "孩子不想上学了", "老师体罚学生怎么办", "同学借了我孩子的手机",
    "打官司要准备什么", "法院怎么立案", "强制执行费谁出", "房子拆迁补偿不合理", "开发商强拆", "村里修路占我家地不赔钱", "邻居家树枝伸到我家", "老人骑车摔倒没人扶",
    "我在公司滑倒摔伤了", "亲戚借我的名义贷款不还", "替别人贷款，他不还怎么办", "打麻将欠的钱要还吗", "赌博欠条有效吗", "他写欠条给我，后来说是被逼写的",
    "收养的孩子能继承吗", "儿子儿媳把我撵走不让我住", "社保卡里的钱怎么提取", "工资卡丢了", "单位食堂吃饭没有休息室", "我爸做手术要签字吗", "推销员资格证",
    "我电话号码怎么改实名", "公司没有食堂合法吗", "出租车起步价多少", "朋友把我的车开走了不还", "利率什么时候下调", "银行定期存款利息多少", "喝酒过敏怎么办",
    "师傅带徒弟要签协议吗", "帮别人写作业犯法吗", "扶贫款怎么申请", "没有拆迁证明能拆吗", "搬走户口要什么手续", "物价要涨了吗", "房租发票税率是多少",
    "租给别人的地能收回吗", "停车场车位怎么买", "我的房子想出租要备案吗", "水电费谁交", "小区门口被车撞", "婚宴酒席菜单怎么定", "快递站转让", "买保险哪家好",
    "导航没声音", "手机丢了里面钱被转走", "电视台怎么投诉", "冰箱寄快递多少钱", "健身教练要证吗", "充电桩安装要物业同意吗", "驾校教练体罚", "学车要体检吗",
    "高铁上能带酒吗", "护士资格证怎么注册", "酒驾找代驾怎么收费", "幼儿园几岁能上", "打篮球哪里有场地", "污水处理费怎么收", "村里狗多怎么管", "老师骂学生",
    "明星隐私", "结婚照片要几寸", "车被扣了怎么取", "违约金要交税吗", "合伙企业怎么注册", "装修贷款怎么办", "开发商是谁怎么查", "房产证丢了怎么补",
    "中介公司怎么开", "租车要什么证件", "保姆多少钱一个月", "判决书丢了怎么办", "担保公司怎么注册", "转账限额多少", "上夜班有补贴吗", "工龄怎么算",
    "工资条必须发吗", "劳动合同丢了怎么办", "公司让我签空白合同", "辞职报告怎么写", "法定节假日有哪些", "退休年龄是多少", "离职证明怎么写",
    "员工补充医疗保险怎么报销", "公司给车买保险要多少钱", "我想买保险，哪家公司好", "公司三倍利润怎么分红", "值班电话是多少", "裁决书怎么看", "公司年会节目",
    "公司扣税怎么算", "师傅，我要去法院怎么走", "我儿子要去公司上班要带什么", "请问退休手续怎么办理", "老年证怎么办", "我家漏电了找谁修", "停电了找谁",
    "天天有人打我家门铃", "怎么跟老板谈加薪", "公司合同章丢了怎么办", "厂房出租合同怎么写", "网上买票怎么退", "火车票多少钱", "小区附近有超市吗", "医院几点上班",
    "健身房开业要什么证", "老人摔倒骨折要多久能好", "买手机哪个牌子好", "小孩多大能坐副驾驶", "自行车道能停车吗", "how do I get a passport",
    "which school is best for my son", "how do I open a company", "where can I rent a car",
    "what is the weather", "how to become a lawyer", "my wife wants to buy a dog",
    "where is the court", "the hotel was nice", "I lost my wallet",
    "how do I get a driving licence", "what tax do I pay on wages",
]  # fmt: skip


class Row:
    region_code: int | None = None

    def __init__(self, slug: str, asks: list[list[str]], unless: list[str]) -> None:
        self.slug, self.asks, self.unless = slug, asks, unless


def found(said: str) -> str | None:
    row = next((one for _said, one in fitting(said, [Row(one.slug, one.asks, one.unless) for one in shipped()])), None)
    return row.slug if row else None


@pytest.mark.parametrize("slug", SAID)
def test_what_people_say_finds_its_answer(slug: str) -> None:
    assert len(SAID[slug]) > 1
    for said in SAID[slug]:
        assert danger_in(said) is None and found(said) == slug, said


@pytest.mark.parametrize(("said", "slug"), NEAR)
def test_what_is_near_finds_its_own_answer(said: str, slug: str) -> None:
    assert found(said) == slug


@pytest.mark.parametrize("said", OTHER_MATTERS)
def test_other_matters_with_the_same_words_find_none(said: str) -> None:
    assert found(said) not in SAID
